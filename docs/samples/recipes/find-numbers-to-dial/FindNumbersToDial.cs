// Prints the phones of an order, each with the fields that rule out a call. "no objection" isn't permission to call.
// Needs Newtonsoft.Json: dotnet add package Newtonsoft.Json
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Newtonsoft.Json.Linq;

class FindNumbersToDial
{
    // A redirect could take the request to another host.
    static readonly HttpClient client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    static int Main()
    {
        try
        {
            PrintPhones().GetAwaiter().GetResult();
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

    static async Task PrintPhones()
    {
        var order = "/api/v140/orders/57062885/borrowers";
        var phones = new List<KeyValuePair<JToken, List<string>>>();
        // Borrowers can share a number, so an objection to a phone or its borrower rules out the number for all.
        var ruledOut = new HashSet<string>();
        foreach (var borrower in await List(order))
        {
            var path = order + "/" + borrower["id"];
            var ofBorrower = Objections("borrower", borrower,
                "{'is_deceased': 0, 'bankruptcy': null, 'active_military': 0, 'deleted_at': null}");
            foreach (var address in await List(path + "/addresses"))
                ofBorrower.AddRange(Objections("address", address, "{'no_contact': 0}"));
            foreach (var phone in await List(path + "/phones"))
            {
                var objections = Objections("phone", phone, "{'no_contact': 0, 'valid': 1}");
                if (objections.Any() || ofBorrower.Any()) ruledOut.Add(Digits(phone));
                objections.AddRange(ofBorrower);
                phones.Add(new KeyValuePair<JToken, List<string>>(phone, objections));
            }
        }
        foreach (var phone in phones)
        {
            var number = (string)phone.Key["number"] ?? "";
            if (!Regex.IsMatch(number, @"^[2-9](?!11)[0-9]{2}-?[2-9](?!11)[0-9]{2}-?[0-9]{4}\z"))
                phone.Value.Add("phone.number");
            if ((string)phone.Key["deleted_at"] != null) phone.Value.Add("phone.deleted_at");
            if (ruledOut.Contains("unreadable") || ruledOut.Contains(Digits(phone.Key)))
                phone.Value.Add("number ruled out");
            var objections = string.Join(", ", phone.Value.Distinct());
            Console.WriteLine(phone.Key["id"] + " " + (objections == "" ? "no objection" : objections));
        }
    }

    /// <summary>The fields that are missing or have another value than the one that permits a call.</summary>
    static List<string> Objections(string kind, JToken record, string permits)
    {
        return JObject.Parse(permits).Properties()
            .Where(field => !JToken.DeepEquals(field.Value, record[field.Name]))
            .Select(field => kind + "." + field.Name).ToList();
    }

    /// <summary>Ten digits. A masked, partial or other number is unreadable, and can be any number.</summary>
    static string Digits(JToken phone)
    {
        var match = Regex.Match(Regex.Replace((string)phone["number"] ?? "", "[ ().+-]", ""), @"^1?([2-9][0-9]{9})\z");
        return match.Success ? match.Groups[1].Value : "unreadable";
    }

    static async Task<JArray> List(string path)
    {
        // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
        var url = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "http://127.0.0.1:4020";
        var token = Environment.GetEnvironmentVariable("RECOVERYCONNECT_TOKEN") ?? "demo";
        var request = new HttpRequestMessage(HttpMethod.Get, url + path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.Add("Accept", "application/json");
        var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != HttpStatusCode.OK)
            throw new InvalidDataException("The API returned the status " + (int)response.StatusCode + ".");
        var body = JObject.Parse(text);
        if (!(body["data"] is JArray)) throw new InvalidDataException("The response has no data.");
        var others = string.Join(", ", body.Properties().Select(field => field.Name).Where(name => name != "data"));
        if (others != "") throw new InvalidDataException("The list may be one page of several. It also has: " + others);
        if (body["data"].Any(record => (string)record["id"] == null))
            throw new InvalidDataException("A record has no id.");
        return (JArray)body["data"];
    }
}
