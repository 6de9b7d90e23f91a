// Creates a phone. If the response is lost, finds out whether the API stored the record.
// Exit code: 0 if it's stored, 1 if nothing was stored, 2 if a person has to look, 3 if you can create it again.
// Don't run it again after a 0 or 2: it would create a second record, because it doesn't look for older ones.
// Treat every exit code that isn't listed, such as that of a program that was killed, as 2.
// Needs Newtonsoft.Json: dotnet add package Newtonsoft.Json
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Newtonsoft.Json.Linq;

class HandleALostResponse
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    static readonly string url = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "http://127.0.0.1:4020";
    static readonly string token = Environment.GetEnvironmentVariable("RECOVERYCONNECT_TOKEN") ?? "demo";
    static readonly JObject sent = JObject.Parse("{'type': 6, 'number': '2025550143', 'valid': 1, 'no_contact': 0}");
    static string reason;
    // A redirect could take the request to another host.
    static readonly HttpClient client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    static int Main()
    {
        return Run().GetAwaiter().GetResult();
    }

    static async Task<int> Run()
    {
        if (!Regex.IsMatch((string)sent["number"], @"^[2-9][0-9]{9}\z"))
            return Stop(1, "Nothing was sent. The number must be ten digits.");
        var before = await List();
        if (before == null) return Stop(1, "Nothing was sent. " + reason);
        try
        {
            return await CreateOnce(before);
        }
        catch (Exception error)
        {
            return StopUnknown("The program failed: " + error.GetType().Name + ".");
        }
    }

    static async Task<int> CreateOnce(Dictionary<long, JObject> before)
    {
        try
        {
            var response = await Send(HttpMethod.Post, sent.ToString());
            var text = await response.Content.ReadAsStringAsync();
            var status = (int)response.StatusCode;
            var body = JObject.Parse(text);
            // A gateway can also return these statuses after the API stored the phone. The API's errors have a message.
            // We assume that the API stores nothing then. The vendor doesn't document any error.
            if (new[] { 401, 403, 422, 429 }.Contains(status) && body["message"] != null)
                return Stop(1, "Nothing was stored. The API returned the status " + status + ".");
            if (status == 200 && ((string)body["status"] ?? "success") == "success")
            {
                var phone = (JObject)body["data"];
                var id = (long)phone["id"];
                if (!Matches(phone)) return Stop(2, "Don't dial. The API stored something else: " + id);
                return Stop(0, "stored as " + id);
            }
        }
        catch (Exception)
        {
            // The response is lost, or it can't be read.
        }

        var found = new List<long>();
        // The server may still be working. The vendor documents no limit: half a minute is our choice.
        foreach (var seconds in new[] { 0, 2, 8, 20 })
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            var phones = await List();
            if (phones == null) continue;
            found = phones.Keys.Except(before.Keys).ToList();
            var same = found.Where(id => Matches(phones[id])).ToList();
            if (same.Count == 1) return Stop(0, "stored as " + same[0]);
        }
        if (reason != null) return StopUnknown(reason);
        if (!found.Any()) return Stop(3, "Not stored after 30 seconds. You can create it again.");
        return Stop(2, "A person has to decide whether one of these is the record: " + string.Join(", ", found));
    }

    static bool Matches(JObject phone)
    {
        var digits = Regex.Replace(Regex.Replace(phone["number"]?.ToString() ?? "", "[ ().+-]", ""), "^1", "");
        return digits == (string)sent["number"] && sent.Properties()
            .All(field => field.Name == "number" || JToken.DeepEquals(field.Value, phone[field.Name]));
    }

    /// <summary>Returns the phones by id. Returns null and sets the reason if there is no complete list.</summary>
    static async Task<Dictionary<long, JObject>> List()
    {
        try
        {
            var response = await Send(HttpMethod.Get);
            var text = await response.Content.ReadAsStringAsync();
            reason = $"The API returned the status {(int)response.StatusCode}.";
            if (response.StatusCode != HttpStatusCode.OK) return null;
            var body = JObject.Parse(text);
            var others = string.Join(", ", body.Properties().Select(field => field.Name).Where(name => name != "data"));
            reason = $"The list may be one page of several. It also has: {others}.";
            if (others != "") return null;
            var phones = ((JArray)body["data"]).Cast<JObject>().ToDictionary(phone => (long)phone["id"]);
            reason = null;
            return phones;
        }
        catch (Exception error)
        {
            var cause = error.GetBaseException();
            // Any other message could contain a part of the response.
            reason = "The request failed: " + (cause is SocketException ? cause.Message : cause.GetType().Name) + ".";
            return null;
        }
    }

    static Task<HttpResponseMessage> Send(HttpMethod method, string body = null)
    {
        var path = "/api/v140/orders/57062885/borrowers/124927241/phones";
        var request = new HttpRequestMessage(method, url + path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.Add("Accept", "application/json");
        // If a connection that was used before breaks, a create could be sent twice.
        request.Headers.ConnectionClose = true;
        if (body != null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return client.SendAsync(request);
    }

    static int StopUnknown(string reason)
    {
        return Stop(2, "It's unknown whether the API stored the phone. " + reason
            + " List the phones before you create it again.");
    }

    static int Stop(int status, string message)
    {
        (status == 0 ? Console.Out : Console.Error).WriteLine(message);
        return status;
    }
}
