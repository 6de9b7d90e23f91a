// Marks a number do-not-contact in every record of the borrower that has it.
// If it fails, run it again, and don't dial the number in the meantime.
// Needs Newtonsoft.Json: dotnet add package Newtonsoft.Json
using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Newtonsoft.Json.Linq;

class MarkDoNotContact
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    static readonly string url = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "http://127.0.0.1:4020";
    static readonly string token = Environment.GetEnvironmentVariable("RECOVERYCONNECT_TOKEN") ?? "demo";
    // A redirect could take the request to another host.
    static readonly HttpClient client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    static int Main()
    {
        try
        {
            return Mark("678-932-1578").GetAwaiter().GetResult() ? 0 : 1;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(Describe(error));
            return 1;
        }
    }

    static async Task<bool> Mark(string input)
    {
        var number = Digits(input);
        if (number.Length != 10) throw new InvalidDataException("The number must have ten digits.");
        var phones = "/api/v140/orders/57062885/borrowers/124927241/phones";
        var list = await Send(HttpMethod.Get, phones);
        var others = string.Join(", ", list.Properties().Select(field => field.Name).Where(name => name != "data"));
        if (others != "") throw new InvalidDataException("The list may be one page of several. It also has: " + others);

        var same = list["data"].OfType<JObject>()
            .Where(phone => Digits(phone["number"]?.ToString()).Contains(number)).ToList();
        if (!same.Any()) throw new InvalidDataException("No record has this number.");
        var failed = 0;
        foreach (var id in same.Select(phone => (phone["id"] as JValue)?.ToString() ?? ""))
        {
            try
            {
                if (id == "") throw new InvalidDataException("The record has no id.");
                await Update(phones, long.Parse(id));
                Console.WriteLine(id + " is marked do-not-contact");
            }
            catch (Exception error)
            {
                // The other records with the number have to be marked all the same.
                var name = id == "" ? "null" : id;
                Console.Error.WriteLine("Don't dial. " + name + " isn't marked. " + Describe(error));
                failed++;
            }
        }
        return failed == 0;
    }

    static async Task Update(string phones, long id)
    {
        var response = await Send(HttpMethod.Put, phones + "/" + id, "{\"no_contact\": 1}");
        var stored = response["data"];
        var isSuccess = ((string)response["status"] ?? "success") == "success";
        if (!isSuccess || (long)stored["id"] != id || !JToken.DeepEquals(stored["no_contact"], 1))
            throw new InvalidDataException("The API returned something else.");
    }

    static string Describe(Exception error)
    {
        if (error is InvalidDataException) return error.Message;
        var cause = error.GetBaseException();
        // Any other message could contain a part of the response.
        return "The request failed: " + (cause is SocketException ? cause.Message : cause.GetType().Name);
    }

    static string Digits(string number)
    {
        return Regex.Replace(number ?? "", "[^0-9]", "");
    }

    static async Task<JObject> Send(HttpMethod method, string path, string body = null)
    {
        var request = new HttpRequestMessage(method, url + path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.Add("Accept", "application/json");
        if (body != null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != HttpStatusCode.OK)
            throw new InvalidDataException("The API returned the status " + (int)response.StatusCode + ".");
        var parsed = JObject.Parse(text);
        var expected = body == null ? JTokenType.Array : JTokenType.Object;
        if (parsed["data"]?.Type != expected) throw new InvalidDataException("The response has no data.");
        return parsed;
    }
}
