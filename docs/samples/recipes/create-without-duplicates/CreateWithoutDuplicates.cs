// Creates a phone, unless the borrower has a record with the number.
// If it fails, wait half a minute and run it again: it looks for the record first.
// Needs Newtonsoft.Json: dotnet add package Newtonsoft.Json
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Newtonsoft.Json.Linq;

class CreateWithoutDuplicates
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    static readonly string url = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "http://127.0.0.1:4020";
    static readonly string token = Environment.GetEnvironmentVariable("RECOVERYCONNECT_TOKEN") ?? "demo";
    static readonly JObject body = JObject.Parse("{'type': 6, 'number': '2025550143', 'valid': 1, 'no_contact': 0}");
    // A redirect could take the request to another host.
    static readonly HttpClient client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    static int Main()
    {
        try
        {
            Console.WriteLine(CreateOnce().GetAwaiter().GetResult());
            return 0;
        }
        catch (Exception error)
        {
            var cause = error.GetBaseException();
            // Any other message could contain a part of the response.
            var isSafe = cause is InvalidDataException || cause is SocketException;
            var prefix = cause is InvalidDataException ? "" : "The request failed: ";
            Console.Error.WriteLine(prefix + (isSafe ? cause.Message : cause.GetType().Name));
            return 1;
        }
    }

    static async Task<string> CreateOnce()
    {
        // A number with dashes never matches a stored one, so each run would create it again.
        if (!Regex.IsMatch((string)body["number"], @"^[2-9][0-9]{9}\z"))
            throw new InvalidDataException("The number must be ten digits, without dashes.");

        var list = await Send(HttpMethod.Get);
        var others = string.Join(", ", Names(list).Where(name => name != "data"));
        if (others != "") throw new InvalidDataException("The list may be one page of several. It also has: " + others);
        string same = null;
        var unclear = new List<string>();
        foreach (var phone in list["data"])
        {
            var id = (string)phone["id"];
            var digits = Regex.Replace((string)phone["number"] ?? "", "[ ().+-]", "");
            var ten = Regex.Match(digits, @"^1?([2-9][0-9]{9})\z").Groups[1].Value;
            var isSame = ten == (string)body["number"];
            var isDeleted = (string)phone["deleted_at"] != null;
            if (isSame && !HasFlags(phone))
                throw new InvalidDataException("Don't dial. The number is stored with other flags: " + id);
            if (isSame && id == null)
                throw new InvalidDataException("A record with this number has no id. Check by hand.");
            if (isSame && !isDeleted) same = id;
            // A number that is masked, partial or otherwise not ten digits can be this one.
            else if (isSame || ten == "") unclear.Add(id ?? "null");
        }
        if (same != null) return "stored already as " + same;
        if (unclear.Any())
            throw new InvalidDataException("Check by hand whether one of these has the number and isn't deleted: "
                + string.Join(", ", unclear));

        var response = await Send(HttpMethod.Post, body.ToString());
        if (((string)response["status"] ?? "success") != "success")
            throw new InvalidDataException("The API returned something else.");
        var created = response["data"];
        if (!HasFlags(created))
            throw new InvalidDataException("Don't dial. The API stored other flags: " + created["id"]);
        if ((string)created["id"] == null) throw new InvalidDataException("The response has no id.");
        return "stored as " + created["id"];
    }

    static bool HasFlags(JToken phone)
    {
        return new[] { "valid", "no_contact" }.All(flag => JToken.DeepEquals(phone[flag], body[flag]));
    }

    static IEnumerable<string> Names(JToken fields)
    {
        return fields.Children<JProperty>().Select(field => field.Name);
    }

    static async Task<JObject> Send(HttpMethod method, string content = null)
    {
        var request = new HttpRequestMessage(method, url + "/api/v140/orders/57062885/borrowers/124927241/phones");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.Add("Accept", "application/json");
        // If a connection that was used before breaks, a create could be sent twice.
        request.Headers.ConnectionClose = true;
        if (content != null) request.Content = new StringContent(content, Encoding.UTF8, "application/json");
        var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var status = (int)response.StatusCode;
        if (status != 200 && status != 422)
            throw new InvalidDataException("The API returned the status " + status + ".");
        var parsed = JObject.Parse(text);
        if (status == 422 && parsed["errors"] is JObject)
            throw new InvalidDataException("The API rejected: " + string.Join(", ", Names(parsed["errors"])));
        if (status != 200) throw new InvalidDataException("The API returned the status " + status + ".");
        var expected = content == null ? JTokenType.Array : JTokenType.Object;
        if (parsed["data"]?.Type != expected) throw new InvalidDataException("The response has no data.");
        return parsed;
    }
}
